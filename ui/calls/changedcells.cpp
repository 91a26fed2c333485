// SPDX-License-Identifier: MIT
#include "ui/calls/changedcells.h"

#include <algorithm>
#include <bit>

namespace rr {

namespace {

constexpr int bridgedRows = 16;

} // namespace

QList<CellBlock> changedBlocks(const QList<quint32> &changes)
{
    QList<CellBlock> blocks;
    int top = -1;
    int last = -1;
    quint32 columns = 0;
    // Every run of columns that changed somewhere between top and last.
    const auto close = [&] {
        while (columns != 0) {
            const int left = std::countr_zero(columns);
            const int width = std::countr_one(columns >> left);
            blocks.append({top, last, left, left + width - 1});
            columns &= width + left >= 32 ? 0 : ~0u << (left + width);
        }
        top = -1;
    };
    for (int row = 0; row < int(changes.size()); ++row) {
        if (changes[row] == 0)
            continue;
        if (top >= 0 && row - last > bridgedRows)
            close();
        if (top < 0)
            top = row;
        last = row;
        columns |= changes[row];
    }
    if (top >= 0)
        close();
    return blocks;
}

} // namespace rr
