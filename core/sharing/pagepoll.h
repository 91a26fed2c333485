// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <chrono>

class QNetworkReply;

namespace rr {

/// Asks a page of a program on this machine again and again: no proxy, no redirection, one question at a time. One thread.
class PagePoll final : public QObject
{
    Q_OBJECT
public:
    explicit PagePoll(QObject *parent = nullptr);

    /// The first question is asked after `interval`, and each is given `answer` to be answered; where it runs already, only
    /// these are others.
    void start(const QUrl &page, std::chrono::milliseconds interval, std::chrono::milliseconds answer);
    void stop();

Q_SIGNALS:
    void answered(int status, const QByteArray &body); ///< 0: none came. At most 64 KiB of the body

private:
    void ask();

    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
    QTimer m_timer;
    QUrl m_page;
    std::chrono::milliseconds m_answer{};
};

} // namespace rr
