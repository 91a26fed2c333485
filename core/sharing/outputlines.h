// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace rr {

/// Makes lines of what a program prints, as they come: without colours and carriage returns, bounded in length. One stream
/// of one program; any thread.
class OutputLines
{
public:
    static constexpr qsizetype longest = 4096; ///< bytes; the rest of a longer line is dropped

    /// The lines that these bytes end.
    QStringList take(const QByteArray &bytes);
    /// The last line, which nothing has ended; empty: there is none.
    QString rest();

private:
    QByteArray m_line;
};

/// A program's line as it may be shown: no key, no secret of a share's link, at most 1000 characters.
QString shownLine(const QString &line);

} // namespace rr
