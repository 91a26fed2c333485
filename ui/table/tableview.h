// SPDX-License-Identifier: MIT
#pragma once

#include <QTableView>

namespace rr {

/// A table to read in: whole rows are selected and copied, columns can be moved, and their widths follow the font.
/// Main thread.
class TableView : public QTableView
{
    Q_OBJECT
public:
    /// The selected rows, or all that are shown when none is, to the clipboard.
    virtual void copy() const = 0;

protected:
    explicit TableView(QWidget *parent);

    /// Gives rows and columns the sizes that the font asks for. Called when that changes; the first time by the derived
    /// class, when it has its model.
    virtual void fitColumns() = 0;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
};

} // namespace rr
