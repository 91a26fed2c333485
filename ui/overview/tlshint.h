// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QUrl>
#include <QWidget>

class QPushButton;

namespace rr {

class RelayControl;
class TickLine;

/// The page for which the address of the relay will not do: one of https, which no browser lets open ws:// but to its own
/// machine. `offered`: what others are given; empty: nothing. Empty: it will do for all. Pure.
QString pageInNeedOfTls(const QStringList &allowedOrigins, const QUrl &offered);

/// Says so, and by which two ways it is mended. Not there while there is no such page. Main thread; its owner calls refresh()
/// while it is seen.
class TlsHint : public QWidget
{
    Q_OBJECT
public:
    explicit TlsHint(RelayControl &control, QWidget *parent = nullptr);

    void refresh();

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting);

private:
    RelayControl &m_control;
    TickLine *m_line;
    QPushButton *m_tunnel;
    QPushButton *m_certificate;
};

} // namespace rr
