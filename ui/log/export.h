// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

class QWidget;

namespace rr {

/// What a page can be exported as.
struct ExportFormat
{
    QString name; ///< for people: "Text"
    QString suffix; ///< without the dot
    std::function<QByteArray()> content; ///< made when the file is known
};

/// Asks for a file without blocking, writes it, and says what went wrong. `fileName` is proposed, without a
/// suffix.
void exportToFile(
    QWidget *parent, const QString &title, const QString &fileName, const QList<ExportFormat> &formats);

/// Replaces the file in one step. Returns what went wrong and what to do.
std::optional<QString> writeExport(const QString &path, const QByteArray &content);

} // namespace rr
