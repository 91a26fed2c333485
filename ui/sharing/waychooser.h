// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/way.h"

#include <QWidget>

#include <optional>

class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;

namespace rr {

class CopyButton;
class Fold;
class ServerBox;

/// By which way to share: those whose program is here first, the first one chosen that asks for nothing, each with who can read what passes, what it takes, and the fields that
/// it asks for; of one that is not here, how to get it. For a server of one's own also what to paste there.
class WayChooser : public QWidget
{
    Q_OBJECT
public:
    explicit WayChooser(QWidget *parent = nullptr);

    void choose(const QString &way, const QMap<QString, QString> &fields);
    QString way() const;
    QMap<QString, QString> fields() const; ///< of the way, without blanks around them
    /// What keeps it from being used; the field that it concerns gets the focus.
    std::optional<QString> problem();

Q_SIGNALS:
    void edited();

private:
    void fill();
    void show(const Way &way);
    void addField(const Ask &ask);
    void showServerText();
    const Way *chosen() const;

    QList<Way> m_ways; ///< in the order of the list
    QList<Finding> m_findings;
    QMap<QString, QMap<QString, QString>> m_typed; ///< by way, what was typed before another was looked at
    QMap<QString, QLineEdit *> m_edits; ///< of the way that is shown, by the name of its field
    QListWidget *m_list;
    QWidget *m_details;
    QLabel *m_badge;
    QLabel *m_whoReads;
    QLabel *m_facts;
    QWidget *m_missing;
    QLabel *m_howToGet;
    CopyButton *m_copyHowToGet;
    QFormLayout *m_form;
    ServerBox *m_server;
    Fold *m_serverFold;
    QString m_shown; ///< id
};

} // namespace rr
