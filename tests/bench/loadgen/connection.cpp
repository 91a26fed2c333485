// SPDX-License-Identifier: MIT
#include "connection.h"

#include "control.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace rr::bench {

Connection::Connection(int descriptor, SSL_CTX *tls, bool accepts)
    : fd(descriptor)
    , bornNs(monotonicNs())
{
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!tls)
        return;
    ssl = SSL_new(tls);
    SSL_set_fd(ssl, fd);
    if (accepts)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
}

Connection::~Connection()
{
    if (ssl) {
        SSL_shutdown(ssl); // says close_notify and does not wait for an answer
        SSL_free(ssl);
    }
    ::close(fd);
}

ssize_t Connection::read(char *data, size_t size)
{
    if (ssl) {
        ERR_clear_error();
        const int n = SSL_read(ssl, data, int(std::min<size_t>(size, INT32_MAX)));
        if (n > 0)
            return n;
        const int error = SSL_get_error(ssl, n);
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }
    const ssize_t n = ::recv(fd, data, size, 0);
    if (n > 0)
        return n;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

ssize_t Connection::write(const char *data, size_t size)
{
    if (ssl) {
        ERR_clear_error();
        const int n = SSL_write(ssl, data, int(std::min<size_t>(size, INT32_MAX)));
        if (n > 0)
            return n;
        const int error = SSL_get_error(ssl, n);
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }
    const ssize_t n = ::send(fd, data, size, MSG_NOSIGNAL);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

bool Connection::writeOrKeep(std::string_view data)
{
    if (rest.empty()) {
        // A TLS write takes a record at a time, so it is asked again until it refuses.
        while (!data.empty()) {
            const ssize_t taken = write(data.data(), data.size());
            if (taken < 0)
                return false;
            if (taken == 0)
                break;
            data.remove_prefix(size_t(taken));
        }
    }
    rest.append(data);
    return true;
}

bool Connection::writeRest()
{
    size_t at = 0;
    while (at < rest.size()) {
        const ssize_t taken = write(rest.data() + at, rest.size() - at);
        if (taken < 0)
            return false;
        if (taken == 0)
            break;
        at += size_t(taken);
    }
    rest.erase(0, at);
    return true;
}

} // namespace rr::bench
