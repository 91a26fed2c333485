// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/realtime/upstreamfailure.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>

namespace rr {

struct UpstreamCheckResult
{
    bool reachable = false;
    QString text; ///< what was found
    QString nextStep; ///< empty when all is well
};

/// What the answer to a request without a key means: `status` is an HTTP status, `body` the start of its
/// body.
UpstreamCheckResult describeAnswer(int status, const QByteArray &body, const QString &host);
/// The same where no answer came.
UpstreamCheckResult describeFailure(UpstreamFailure::Kind kind, const QString &host);

/// Asks the upstream for an answer without a key, on the way that calls take: the same proxy, the same
/// authorities. 401 is a good sign, 200 none: the Realtime API has no page to show. Never blocks; one check at
/// a time. Main thread.
class UpstreamCheck : public QObject
{
    Q_OBJECT
public:
    explicit UpstreamCheck(QObject *parent = nullptr);

    void run(const Settings &settings); ///< finished() follows; nothing while one is running
    void cancel(); ///< no finished() follows
    bool isRunning() const { return m_reply; }

Q_SIGNALS:
    void finished(const rr::UpstreamCheckResult &result);

private:
    void readReply();

    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
};

} // namespace rr
