// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QToolButton;

namespace rr {

/// A line that opens and closes what stands below it.
class Fold : public QWidget
{
    Q_OBJECT
public:
    Fold(const QString &title, QWidget *content,
        QWidget *parent = nullptr); ///< takes ownership of the content

    void setTitle(const QString &title);
    void setOpen(bool open);
    bool isOpen() const;

private:
    QToolButton *m_line;
    QWidget *m_content;
};

} // namespace rr
