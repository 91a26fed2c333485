// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/relayaddress.h"

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace rr {

/// The addresses of the relay, one a row, each with a button that copies it plain, as a line for a frontend's
/// .env, or as a command that tries it. Those of containers are folded away, and marked those at which clients will not take
/// the certificate.
class AddressPanel : public QWidget
{
    Q_OBJECT
public:
    explicit AddressPanel(QWidget *parent = nullptr);

    /// `hint`: what there is to say of them; may be empty. Shown in rich text, links open linkActivated(). `problems`: why
    /// clients will not take the certificate at an address, by its host; for people, in plain text.
    void show(const QList<RelayAddress> &addresses, const QString &hint,
        const QHash<QString, QString> &problems = {});

Q_SIGNALS:
    void linkActivated(const QString &link);

private:
    void addRow(const RelayAddress &address);
    void addFold();
    QWidget *makeWarning(const QString &problem);

    QList<RelayAddress> m_addresses;
    QHash<QString, QString> m_problems;
    QList<QWidget *> m_folded;
    int m_foldedRows = 0;
    bool m_isUnfolded = false;
    QGridLayout *m_grid;
    QWidget *m_problemRow; ///< of the first address, which is the one that is offered
    QLabel *m_problem;
    QLabel *m_hint;
};

} // namespace rr
