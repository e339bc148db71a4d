package org.channelgateway.registry;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.Page;
import org.h2.mvstore.RandomAccessStore;
import org.jspecify.annotations.Nullable;

/**
 * Pages of an H2 file that count as live although no map has them; their chunks would stay in the file for good. H2 2.5.252
 * makes them when a commit empties one of the last two children of a node: a copy of the other takes the place of the node, and
 * what was copied is never counted as removed (CommitDecisionMaker). Confined to the thread of the compaction.
 */
final class H2LostPages {
    private static final int BLOCK_BYTES = 4096;

    private final MVStore store;
    private final RandomAccessStore file;
    private Set<Long> suspects = Set.of();
    private long searched; // the version of that search

    H2LostPages(MVStore store, RandomAccessStore file) {
        this.store = store;
        this.file = file;
    }

    /**
     * Has H2 count as removed what two searches have found, so that it frees the chunks as it does any other. One search is not
     * enough: T1 takes a page out of a map and then counts it, T2 searches in between; counted twice, the page would take
     * another one of its chunk with it. T1's statement keeps its version in use until it ends, and H2 takes in what was counted
     * with the next version but one. A rollback keeps no version in use: it has the steps between two searches to count.
     *
     * @return how many pages
     */
    int release() {
        if (oldestVersionInUse() <= searched + 1) {
            return 0;
        }
        Map<Long, Integer> lost = find();
        Set<Long> again = new HashSet<>(lost.keySet());
        again.retainAll(suspects);
        long version = store.getCurrentVersion(); // a statement that may still read the page holds this one or an older
        lost.forEach((page, number) -> {
            if (again.contains(page)) {
                file.accountForRemovedPage(page, version, false, number);
            }
        });
        lost.keySet().removeAll(again);
        suspects = lost.keySet();
        searched = store.getCurrentVersion();
        return again.size();
    }

    private long oldestVersionInUse() {
        Map<String, String> info = new HashMap<>();
        store.populateInfo(info::put);
        return Long.parseLong(info.getOrDefault("info.OLDEST_VERS_TO_KEEP", "0"));
    }

    /** The positions of the pages, with their numbers within their chunks. */
    Map<Long, Integer> find() {
        MVStore.TxCounter use = store.registerVersionUsage(); // what the maps have now stays in the file
        try {
            Map<Integer, Map<Long, Integer>> live = new HashMap<>();
            store.executeFilestoreOperation(() -> readLive(live)); // no chunk is freed meanwhile
            Map<Long, Integer> lost = new HashMap<>();
            live.forEach((map, pages) -> {
                if (isOfRows(store.getMapName(map))) {
                    removeReachable(store.getMap(map), pages);
                    lost.putAll(pages);
                }
            });
            return lost;
        } finally {
            store.deregisterVersionUsage(use);
        }
    }

    /** Other maps, as undo logs, count their pages in other ways. */
    private static boolean isOfRows(@Nullable String map) {
        return map != null && (map.startsWith("table.") || map.startsWith("index."));
    }

    private void readLive(Map<Integer, Map<Long, Integer>> live) {
        file.getLayoutMap().forEach((key, value) -> {
            if (key.startsWith("chunk.")) {
                readLive(DataUtils.parseMap(value), live);
            }
        });
    }

    private void readLive(Map<String, String> chunk, Map<Integer, Map<Long, Integer>> live) {
        int id = (int) hex(chunk, "chunk");
        int pages = (int) hex(chunk, "pages");
        BitSet removed = BitSet.valueOf(HexFormat.of().parseHex(chunk.getOrDefault("occupancy", "")));
        if (removed.isEmpty() || removed.cardinality() == pages) { // written just now, or about to be freed
            return;
        }
        ByteBuffer contents =
                file.readFully(null, hex(chunk, "block") * BLOCK_BYTES + hex(chunk, "toc"), pages * Long.BYTES);
        for (int page = removed.nextClearBit(0); page < pages; page = removed.nextClearBit(page + 1)) {
            long entry = contents.getLong(page * Long.BYTES);
            live.computeIfAbsent(DataUtils.getPageMapId(entry), map -> new HashMap<>())
                    .put(DataUtils.composePagePos(id, entry), page);
        }
    }

    private static long hex(Map<String, String> chunk, String key) {
        return DataUtils.readHexLong(chunk, key, 0);
    }

    private static void removeReachable(@Nullable MVMap<Object, Object> map, Map<Long, Integer> pages) {
        if (map == null) { // of a table that was dropped, or is not open yet
            pages.clear();
        } else {
            removeReachable(map.getRootPage(), pages);
        }
    }

    private static void removeReachable(Page<?, ?> page, Map<Long, Integer> pages) {
        pages.remove(page.getPos());
        for (int i = 0; i < page.getRawChildPageCount(); i++) {
            long child = page.getChildPagePos(i);
            if (isSavedLeaf(child)) { // not read: there are many
                pages.remove(child);
            } else {
                removeReachable(page.getChildPage(i), pages);
            }
        }
    }

    private static boolean isSavedLeaf(long page) {
        return DataUtils.isPageSaved(page) && DataUtils.getPageType(page) == DataUtils.PAGE_TYPE_LEAF;
    }
}
