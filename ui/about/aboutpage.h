// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace rr {

class RelayControl;

/// Version, licences, where files are, and diagnostics to copy.
class AboutPage : public QWidget
{
    Q_OBJECT
public:
    explicit AboutPage(RelayControl &control, QWidget *parent = nullptr);

private:
    QWidget *makeHead();
    QWidget *makeFiles();
    QWidget *makeLicences();
    QWidget *makeDiagnostics();

    RelayControl &m_control;
};

} // namespace rr
