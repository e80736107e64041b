// Uses Microsoft's own client on an organization: node prove-azure-devops-simulator.mjs URL TOKEN POOL
// The pool must hold a busy agent and an idle offline one, and there must be a hosted pool, a scale set's, and a pool of
// deployment groups of the same name. Deletes the idle one, prints each step as a line of JSON,
// and ends with an error at the first answer that is not as the service gives it.
import assert from "node:assert/strict";
import azureDevOps from "azure-devops-node-api";
import {
  TaskAgentPoolActionFilter,
  TaskAgentPoolOptions,
  TaskAgentPoolType,
  TaskAgentStatus,
} from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";

const [url, token, poolName] = process.argv.slice(2);

function tell(step, facts) {
  console.log(JSON.stringify({ step, ...facts }));
}

function clientWith(pat) {
  return new azureDevOps.WebApi(url, azureDevOps.getPersonalAccessTokenHandler(pat)).getTaskAgentApi();
}

const client = await clientWith(token);

const pools = await client.getAgentPools();
assert.ok(pools.some((pool) => pool.name === poolName), `no pool ${poolName} among all`);
const isElastic = (pool) => Boolean(pool.options & TaskAgentPoolOptions.ElasticPool);
assert.equal(pools.filter((pool) => pool.isHosted).length, 1);
assert.equal(pools.filter(isElastic).length, 1);
tell("list pools", { names: pools.map((pool) => pool.name) });

const [pool, ...others] = await client.getAgentPools(
  poolName.toUpperCase(),
  undefined,
  TaskAgentPoolType.Automation,
  TaskAgentPoolActionFilter.Manage,
);
assert.equal(others.length, 0);
assert.equal(pool.name, poolName);
assert.equal(pool.poolType, TaskAgentPoolType.Automation);
assert.equal(pool.isHosted, false);
assert.equal(isElastic(pool), false);
const [namesake] = await client.getAgentPools(poolName, undefined, TaskAgentPoolType.Deployment);
assert.equal(namesake.name, poolName);
assert.equal(namesake.poolType, TaskAgentPoolType.Deployment);
assert.notEqual(namesake.id, pool.id);
tell("find pool", { id: pool.id, name: pool.name, size: pool.size });

const agents = await client.getAgents(pool.id, undefined, true, true);
assert.equal(agents.length, pool.size);
for (const agent of agents) {
  assert.equal(agent.systemCapabilities["Agent.Name"], agent.name);
  assert.ok(agent.createdOn instanceof Date && !Number.isNaN(agent.createdOn.getTime()));
}
const busy = agents.find((agent) => agent.assignedRequest);
const idle = agents.find((agent) => !agent.assignedRequest && agent.status === TaskAgentStatus.Offline);
assert.ok(busy, "no busy agent");
assert.ok(idle, "no idle offline agent");
tell("list agents", { names: agents.map((agent) => agent.name), busy: busy.name, idle: idle.name });

for (const agent of await client.getAgents(pool.id)) {
  assert.equal(agent.systemCapabilities, undefined);
  assert.equal(agent.assignedRequest, undefined);
}
tell("list agents without details", {});

const [found] = await client.getAgents(pool.id, idle.name);
assert.equal(found.id, idle.id);
tell("find agent", { id: found.id, name: found.name });

const read = await client.getAgent(pool.id, idle.id, true, true);
assert.deepEqual(read, idle);
tell("read agent", { id: read.id, name: read.name, statusChangedOn: read.statusChangedOn });

await assert.rejects(client.deleteAgent(pool.id, busy.id), (error) => {
  assert.equal(error.statusCode, 400);
  assert.equal(error.result.typeKey, "TaskAgentJobStillRunningException");
  return true;
});
tell("refused to delete a busy agent", { id: busy.id, name: busy.name });

await client.deleteAgent(pool.id, idle.id);
assert.equal(await client.getAgent(pool.id, idle.id), null);
const left = await client.getAgents(pool.id);
assert.deepEqual(
  left.map((agent) => agent.id),
  agents.filter((agent) => agent.id !== idle.id).map((agent) => agent.id),
);
tell("deleted an idle agent", { id: idle.id, name: idle.name });

const stranger = await clientWith("not the token").then(
  () => assert.fail("a bad token was accepted"),
  (error) => error,
);
assert.equal(stranger.statusCode, 401);
assert.equal(stranger.result.typeKey, "UnauthorizedRequestException");
tell("refused a bad token", { message: stranger.message });
