// SPDX-License-Identifier: MIT
#pragma once

#include "ui/table/tableview.h"

namespace rr {

class AccessModel;

/// Shows the access tokens.
class AccessTable : public TableView
{
    Q_OBJECT
public:
    explicit AccessTable(AccessModel &model, QWidget *parent = nullptr);

    void copy() const override; ///< as columns of text

Q_SIGNALS:
    void editRequested(); ///< of what is selected, by a double click or the keyboard
    void revokeRequested(); ///< likewise

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void fitColumns() override;

private:
    AccessModel &m_model;
};

} // namespace rr
