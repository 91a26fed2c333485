// SPDX-License-Identifier: MIT
#pragma once

#include "ui/table/tableview.h"

namespace rr {

/// Shows a history or sums of it: of a model whose columns have widths in letters.
class HistoryTable : public TableView
{
    Q_OBJECT
public:
    /// `letters`: how wide each column of the model is.
    HistoryTable(QAbstractItemModel &model, const QList<int> &letters, QWidget *parent = nullptr);

    void
    copy() const override; ///< as columns of text: the selected rows, or, without any, those that are there

protected:
    void fitColumns() override;

private:
    QAbstractItemModel &m_model;
    const QList<int> m_letters;
};

} // namespace rr
