// SPDX-License-Identifier: MIT
#include "ui/log/export.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSaveFile>

namespace rr {

void exportToFile(
    QWidget *parent, const QString &title, const QString &fileName, const QList<ExportFormat> &formats)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    QStringList filters;
    for (const ExportFormat &format : formats)
        filters.append(QStringLiteral("%1 (*.%2)").arg(format.name, format.suffix));
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(formats.first().suffix);
    QObject::connect(
        dialog, &QFileDialog::filterSelected, dialog, [dialog, filters, formats](const QString &chosen) {
            dialog->setDefaultSuffix(formats[qMax(qsizetype(0), filters.indexOf(chosen))].suffix);
        });
    dialog->selectFile(fileName);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
        [parent, dialog, title, filters, formats](const QString &path) {
            // The name's suffix says what is meant; where it does not, the chosen filter.
            ExportFormat format = formats[qMax(qsizetype(0), filters.indexOf(dialog->selectedNameFilter()))];
            for (const ExportFormat &each : formats) {
                if (QFileInfo(path).suffix() == each.suffix)
                    format = each;
            }
            if (const auto problem = writeExport(path, format.content())) {
                auto *box = new QMessageBox(QMessageBox::Warning, title, *problem, QMessageBox::Ok, parent);
                box->setTextFormat(Qt::PlainText);
                box->setAttribute(Qt::WA_DeleteOnClose);
                box->open();
            }
        });
    dialog->open();
}

std::optional<QString> writeExport(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.flush()
        && file.commit()) // which alone does not notice a full disk (Qt 6.4)
        return {};
    return QCoreApplication::translate("rr::Export",
        "%1 could not be written: %2. Check that you may write there and that the disk is not full.")
        .arg(path, file.errorString());
}

} // namespace rr
