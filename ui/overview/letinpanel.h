// SPDX-License-Identifier: MIT
#pragma once

#include <QGroupBox>

namespace rr {

class OriginPanel;
class ReachPanel;
class RelayControl;
class TickLine;
class TlsHint;
struct StatusView;

/// "Let others in": what it takes until somebody elsewhere can make a call, a line each, done or to be done here. Main
/// thread; its owner calls refresh() while it is seen.
class LetInPanel : public QGroupBox
{
    Q_OBJECT
public:
    explicit LetInPanel(RelayControl &control, QWidget *parent = nullptr);

    void refresh(const StatusView &status);

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting);

private:
    TickLine *m_upstream;
    ReachPanel *m_reach;
    OriginPanel *m_origins;
    TlsHint *m_tls;
};

/// Whether calls reach the upstream, in the words of the state.
void showUpstream(TickLine &line, const StatusView &status);

} // namespace rr
