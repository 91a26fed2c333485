// SPDX-License-Identifier: MIT
#pragma once

#include <QList>

namespace rr {

/// A rectangle of a table, all four included.
struct CellBlock
{
    int top = 0;
    int bottom = 0;
    int left = 0;
    int right = 0;

    bool operator==(const CellBlock &) const = default;
};

/// The few blocks that hold every changed cell. Bit c of `changes[r]` says that column c of row r has
/// changed. Rows a little apart are told together: one signal more costs a view more than some cells too
/// many.
QList<CellBlock> changedBlocks(const QList<quint32> &changes);

} // namespace rr
