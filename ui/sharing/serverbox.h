// SPDX-License-Identifier: MIT
#pragma once

#include <QMap>
#include <QString>
#include <QWidget>

class QComboBox;
class QPlainTextEdit;
class QToolButton;

namespace rr {

/// What is to be pasted on a server of one's own so that it can be shared through it, for the web server that is chosen.
class ServerBox : public QWidget
{
    Q_OBJECT
public:
    explicit ServerBox(QWidget *parent = nullptr);

    /// `fields`: as they are typed now. What is missing or wrong stands as an example, and cannot be copied.
    void show(const QMap<QString, QString> &fields);

private:
    void showText();

    QMap<QString, QString> m_fields;
    QComboBox *m_webServer;
    QToolButton *m_copy;
    QPlainTextEdit *m_text;
};

} // namespace rr
