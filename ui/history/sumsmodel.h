// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/books.h"

#include <QAbstractTableModel>
#include <QList>

namespace rr {

/// Sums of usage by access token, model or day, a row each, and one for all together. Main thread.
class SumsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column : quint8 { Key, Calls, TokensIn, TokensOut, Time, Cost, ColumnCount };

    explicit SumsModel(QObject *parent = nullptr);

    void show(SumBy by, const QList<UsageSum> &sums); ///< as the store gives them

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString keyText(int row) const;

    SumBy m_by = SumBy::Token;
    QList<UsageSum> m_sums;
    UsageSum m_all; ///< of m_sums; the last row, where there is more than one
};

} // namespace rr
