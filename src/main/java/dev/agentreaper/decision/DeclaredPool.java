package dev.agentreaper.decision;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The agent pool in which a pod's own environment says that its agent registers, as far as it can be told.
 *
 * @param organization that of its {@code AZP_URL}, or its collection, in lower case; null where it can't be told, as from a
 *     Secret
 * @param pool its {@code AZP_POOL}; null likewise
 */
public record DeclaredPool(
        @Nullable String organization, @Nullable String pool) {

    /** Of a pod that says nothing. */
    public static final DeclaredPool UNKNOWN = new DeclaredPool(null, null);

    /** What these two variables say; null for one that can't be told. One that is empty says nothing. */
    public static DeclaredPool of(@Nullable String url, @Nullable String pool) {
        return new DeclaredPool(
                url == null || url.isBlank() ? null : organization(url),
                pool == null || pool.isBlank() ? null : pool.strip());
    }

    /** Whether it says that it is this pool. */
    public boolean is(URI url, String poolName) {
        return pool != null && pool.equalsIgnoreCase(poolName) && mayBeIn(url);
    }

    /**
     * Whether nothing that it says speaks against its being this pool.
     *
     * @param poolName its name, or its id when all digits, which the pods need not have
     */
    public boolean mayBe(URI url, String poolName) {
        return (pool == null || pool.equalsIgnoreCase(poolName) || poolName.matches("\\d+")) && mayBeIn(url);
    }

    private boolean mayBeIn(URI url) {
        return organization == null || organization.equals(organization(url.toString()));
    }

    /** The organization or collection that the address ends with; or as in {@code https://ORG.visualstudio.com}. */
    private static String organization(String url) {
        String address = url.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("^https?://|/+$", "")
                .replaceFirst("\\.visualstudio\\.com(/defaultcollection)?$", "");
        return address.substring(address.lastIndexOf('/') + 1);
    }
}
