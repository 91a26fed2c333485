// SPDX-License-Identifier: MIT
// A process that holds a tunnel, to be killed: tunnelholder ID NAME=VALUE… [-- ARG…]. The arguments behind -- come before
// the way's own. Says "ready" when it is.
#include "core/sharing/tunnel.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QStringList args = application.arguments();
    rr::Way way = rr::wayCalled(args.value(1)).value();
    const qsizetype own = args.indexOf(QStringLiteral("--"));
    if (own >= 0) {
        way.args = args.sliced(own + 1) + way.args;
        args = args.first(own);
    }
    QMap<QString, QString> fields;
    for (qsizetype i = 2; i < args.size(); ++i)
        fields.insert(args[i].section(u'=', 0, 0), args[i].section(u'=', 1));
    rr::Tunnel tunnel;
    QObject::connect(&tunnel, &rr::Tunnel::changed, &tunnel, [&tunnel] {
        if (tunnel.state() == rr::Tunnel::State::Ready) {
            std::puts("ready");
            std::fflush(stdout);
        }
    });
    tunnel.start(way, fields, 24211);
    return QCoreApplication::exec();
}
