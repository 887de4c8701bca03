/*
 * In the place of libsignal's queue. That has one line for each phone, whichever account of this process speaks with it, and runs the work of all that
 * wait there as a part of whoever opened the line: what it changes would go into another account's transaction, or into none. Here whoever
 * touches a ratchet holds the account's lock (Transactions), so there is nothing left to wait for.
 */
module.exports = (_phone, work) => work();
