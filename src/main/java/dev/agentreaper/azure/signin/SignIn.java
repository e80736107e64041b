package dev.agentreaper.azure.signin;

/** Who signs in to Azure DevOps, and how, as the settings have it. */
public sealed interface SignIn permits PersonalAccessToken, EntraIdentity {}
