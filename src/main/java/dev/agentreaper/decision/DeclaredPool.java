package dev.agentreaper.decision;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The agent pool in which a pod's own environment says that its agent registers, as far as it can be told.
 *
 * @param organization the address that its {@code AZP_URL} has, of an organization or a server's collection; null where it
 *     can't be told, as from a Secret
 * @param pool its {@code AZP_POOL}; null likewise
 */
public record DeclaredPool(
        @Nullable String organization, @Nullable String pool) {

    /** Many times what names a pool or its organization; each is kept for as long as its pod lives. */
    private static final int LONGEST = 1_000;

    /** Of a pod that says nothing. */
    public static final DeclaredPool UNKNOWN = new DeclaredPool(null, null);

    /** What these two variables say; null for one that can't be told. One that is empty, or very long, says nothing. */
    public static DeclaredPool of(@Nullable String url, @Nullable String pool) {
        return new DeclaredPool(
                url == null || saysNothing(url) ? null : address(url),
                pool == null || saysNothing(pool) ? null : pool.strip());
    }

    private static boolean saysNothing(String value) {
        return value.isBlank() || value.length() > LONGEST;
    }

    /** Whether it says that it is this pool, at this address. */
    public boolean names(URI url, String poolName) {
        return is(url, poolName) && isAt(url);
    }

    /** Whether it says that it is at this address. */
    public boolean isAt(URI url) {
        return address(url.toString()).equals(organization);
    }

    /** Whether it says that it is a pool of this name, and nothing against its being in that organization. */
    public boolean is(URI url, String poolName) {
        return pool != null && pool.equalsIgnoreCase(poolName) && !isId(poolName) && mayBeIn(url);
    }

    /**
     * Whether nothing that it says speaks against its being this pool.
     *
     * @param poolName its name, or its id when all digits, which the pods need not have
     */
    public boolean mayBe(URI url, String poolName) {
        return (pool == null || pool.equalsIgnoreCase(poolName) || isId(poolName)) && mayBeIn(url);
    }

    /** Whether a pool is given by its id, which pods do not name. */
    public static boolean isId(String poolName) {
        return poolName.matches("\\d+");
    }

    /** A server may have one name within the cluster and another outside, but its collection has one. */
    private boolean mayBeIn(URI url) {
        return organization == null || lastName(organization).equals(lastName(address(url.toString())));
    }

    private static String lastName(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    /** One for all ways to write it, {@code https://ORG.visualstudio.com} among them. */
    private static String address(String url) {
        return url.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("^https?://|/+$", "")
                .replaceFirst(":(443|80)(?=/|$)", "")
                .replaceFirst("^([^./]+)\\.visualstudio\\.com(/defaultcollection)?$", "dev.azure.com/$1");
    }
}
