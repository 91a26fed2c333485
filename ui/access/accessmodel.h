// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/ledger.h"
#include "core/monitor/snapshot.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QList>

#include <optional>

namespace rr {

class AccessControl;

/// The access tokens, a row each, good ones first. Tells its views of nothing but what differs. Main thread.
class AccessModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column : quint8 { Name, State, CallsNow, Today, InAll, Models, Origins, Limits, ColumnCount };

    explicit AccessModel(QObject *parent = nullptr);

    /// Takes over what there is now; `calls`: who has live ones.
    void update(const AccessControl &access, const QList<AccessUsage> &calls, const QDateTime &now);
    void setRevokedShown(bool shown); ///< from the next update() on
    bool areRevokedShown() const { return m_areRevokedShown; }
    qsizetype revokedCount() const { return m_revoked; } ///< shown or not

    const AccessTerms &terms(int row) const { return m_rows[row].terms; }
    qint64 callsNow(int row) const { return m_rows[row].callsNow; }
    int rowOf(qint64 id) const; ///< -1: it is not shown

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        AccessTerms terms;
        qint64 callsNow = 0;
        std::optional<BudgetStand> today;
        std::optional<BudgetStand> inAll;
        QString state; ///< in words: of the moment
        bool operator==(const Row &) const = default;
    };

    QString text(const Row &row, Column column) const;

    QList<Row> m_rows;
    QDateTime m_now;
    qsizetype m_revoked = 0;
    bool m_areRevokedShown = false;
};

} // namespace rr
