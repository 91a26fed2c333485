// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/jsontext.h"

/// Items of a conversation, both ways: text of JSON in, written behind what is in `out`.
namespace rr {

/// As today's API takes it; what is no item of the beta stays as it is.
void writeItemFromBeta(JsonOut &out, QByteArrayView item);
/// The same for each of an array.
void writeItemsFromBeta(JsonOut &out, QByteArrayView items);

/// Whether it is of a kind that the beta did not have.
bool isNoItemOfBeta(QByteArrayView item);
/// As a client of the beta knows it.
void writeItemForBeta(JsonOut &out, QByteArrayView item);
/// The same for each of an array, without those that the beta did not have. Always an array.
void writeItemsForBeta(JsonOut &out, QByteArrayView items);
/// One part of an item's content.
void writePartForBeta(JsonOut &out, QByteArrayView part);

} // namespace rr
