// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QAbstractListModel>
#include <QStringList>

#include <optional>

namespace rr {

/// The entries of a List setting while they are edited; some may be wrong. Main thread.
class EntryListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    /// `spec`: of a List; its check judges each entry.
    explicit EntryListModel(const SettingSpec &spec, QObject *parent = nullptr);

    const QStringList &entries() const { return m_entries; }
    void setEntries(const QStringList &entries);
    int append(const QString &entry); ///< also an empty one, to be typed into; its row
    void appendMissing(const QStringList &entries); ///< those that are not there yet
    /// Why the entry is not right, as a sentence; nothing when it is.
    std::optional<QString> problemOf(const QString &entry) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    QString stored(const QString &entry) const;

    const SettingSpec &m_spec;
    QStringList m_entries;
};

/// What somebody has copied from a list of any kind: split at white space, commas, semicolons and quotes.
QStringList splitEntries(const QString &text);

} // namespace rr
