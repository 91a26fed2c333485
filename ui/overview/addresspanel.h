// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/relayaddress.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace rr {

/// The addresses of the relay, one a row, each with a button that copies it plain, as a line for a frontend's
/// .env, or as a command that tries it.
class AddressPanel : public QWidget
{
    Q_OBJECT
public:
    explicit AddressPanel(QWidget *parent = nullptr);

    /// `hint`: what to do for more addresses; may be empty. Shown in rich text, links open linkActivated().
    void show(const QList<RelayAddress> &addresses, const QString &hint);

Q_SIGNALS:
    void linkActivated(const QString &link);

private:
    void addRow(const RelayAddress &address);

    QList<RelayAddress> m_addresses;
    QGridLayout *m_grid;
    QLabel *m_hint;
};

} // namespace rr
