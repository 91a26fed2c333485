// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QListWidget;
class QStackedWidget;

namespace rr {

/// The sections of the settings page: their titles in a list, the chosen one beside it, scrolling by itself.
class SettingSections : public QWidget
{
    Q_OBJECT
public:
    explicit SettingSections(QWidget *parent = nullptr);

    void addSection(const QString &title, QWidget *content);
    int current() const;
    void setCurrent(int section);
    void setMarked(int section, bool problem); ///< something in it needs attention
    /// Brings the control in sight, in whichever section it is.
    void reveal(QWidget *control);
    void fitList(); ///< call it when all sections are there

private:
    QListWidget *m_list;
    QStackedWidget *m_stack;
};

} // namespace rr
