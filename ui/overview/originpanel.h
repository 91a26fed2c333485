// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace rr {

class RelayControl;
class TickLine;

/// Which pages may come in, and a field that lets in one more: it takes any address that was pasted from a browser. Main
/// thread; its owner calls refresh() while it is seen.
class OriginPanel : public QWidget
{
    Q_OBJECT
public:
    explicit OriginPanel(RelayControl &control, QWidget *parent = nullptr);

    void refresh();

private:
    void add();
    void told(const QString &text);

    RelayControl &m_control;
    TickLine *m_state;
    QLineEdit *m_page;
    QPushButton *m_add;
    QLabel *m_told; ///< what came of it
};

} // namespace rr
