// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace rr {

/// What is wrong with the settings file as a whole, and the way out. Hidden while nothing is.
class FileNotice : public QWidget
{
    Q_OBJECT
public:
    explicit FileNotice(QWidget *parent = nullptr);

    void setProblems(const QStringList &problems); ///< sentences

Q_SIGNALS:
    void setAsideRequested();

private:
    QLabel *m_text;
    QPushButton *m_setAside;
};

} // namespace rr
