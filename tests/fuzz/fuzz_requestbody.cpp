// SPDX-License-Identifier: MIT
// Whatever comes: no crash, a bounded body, and the same one however its bytes arrive. The first byte says how it is framed.
#include "core/http/requestbody.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace rr;

namespace {

struct Read
{
    int status = 0; ///< of what is wrong
    bool complete = false;
    QByteArray content;
    QByteArray rest;
};

Read read(const RequestHead &head, QByteArrayView bytes, qsizetype piece)
{
    RequestBody body(head);
    Read read;
    for (qsizetype at = 0; at < bytes.size() && !body.isComplete(); at += piece) {
        read.rest += bytes.sliced(at, std::min(piece, bytes.size() - at));
        if (const auto error = body.add(read.rest)) {
            read.status = error->status;
            return read;
        }
    }
    read.complete = body.isComplete();
    read.content = body.take();
    require(read.content.size() <= RequestBody::mostBytes);
    return read;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    RequestHead head;
    head.chunked = data[0] < 200;
    if (!head.chunked) {
        head.contentLength = data[0] - 200;
        head.headers = {{"Content-Length", QByteArray::number(head.contentLength)}};
    }
    const QByteArrayView bytes(data + 1, qsizetype(size - 1));
    const Read whole = read(head, bytes, bytes.size());
    const Read pieces = read(head, bytes, 1);
    require(whole.status == pieces.status);
    require(whole.complete == pieces.complete);
    require(whole.status != 0 || whole.content == pieces.content);
    return 0;
}
