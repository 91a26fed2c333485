// SPDX-License-Identifier: MIT
#include "core/sharing/pagepoll.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

namespace rr {

namespace {

constexpr qint64 longestBody = 65'536;

} // namespace

PagePoll::PagePoll(QObject *parent)
    : QObject(parent)
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &PagePoll::ask);
}

void PagePoll::start(const QUrl &page, std::chrono::milliseconds interval, std::chrono::milliseconds answer)
{
    m_page = page;
    m_answer = answer;
    m_timer.setInterval(interval);
    if (!m_reply)
        m_timer.start();
}

void PagePoll::stop()
{
    m_timer.stop();
    delete m_reply.data(); // which says no more, as one does that is told to abort
}

void PagePoll::ask()
{
    QNetworkRequest request(m_page);
    request.setTransferTimeout(int(m_answer.count()));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(longestBody);
    connect(m_reply, &QNetworkReply::finished, this, [this] {
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QByteArray body = m_reply->isOpen() ? m_reply->read(longestBody) : QByteArray();
        m_reply->deleteLater();
        m_reply.clear();
        m_timer.start();
        Q_EMIT answered(status, body); // may delete this
    });
}

} // namespace rr
