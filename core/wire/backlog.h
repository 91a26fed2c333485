// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <array>
#include <memory>
#include <vector>

namespace rr {

/// Bytes that a peer has not taken yet, in blocks: it takes little more memory than it holds, none when empty, and
/// moves no byte twice. One thread.
class Backlog
{
public:
    static constexpr qint64 blockBytes = 32 * 1024;

    bool isEmpty() const { return m_blocks.empty(); }
    qint64 size() const;
    void append(QByteArrayView bytes);
    /// The oldest bytes that lie together; empty only if all is empty.
    QByteArrayView front() const;
    /// Takes off `count` bytes of front().
    void take(qint64 count);
    /// Takes off the last `count` bytes of all; there must be as many.
    void takeBack(qint64 count);
    void clear();

private:
    using Block = std::array<char, blockBytes>;

    std::vector<std::unique_ptr<Block>> m_blocks;
    qint64 m_taken = 0; ///< of the first block
    qint64 m_lastUsed = 0; ///< of the last block
};

} // namespace rr
