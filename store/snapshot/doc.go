// Package snapshot keeps what an access review saw when it began: every membership of
// the groups under review, who holds it, how it came about and what was known of its
// use. Millions of rows fit into tens of megabytes, and what one reviewer has to look
// at is found without reading the rest.
//
// A Writer takes people, and then one group after the other with its rows. Rows are
// packed into pages by columns; pages are ordinary records, so every back end of the
// store keeps them. Nothing of it can be read as a snapshot until Finish has written the
// header; a Writer that begins where another one was interrupted goes on behind the last
// group that was written whole.
//
// The pages form a tree of hashes. The header names every group page by its hash, and a
// group page the pages of its rows, so that the hash of the header (Header.Hash) stands
// for every byte that was seen. A page is compared with its hash whenever it is read:
// one that is damaged, missing or exchanged is an error that names it, and never a
// shorter list.
//
// What names or describes a person lies beside the hashed part of a page, under a salted
// hash of its own: Erase takes it away, and everything else still verifies.
//
// Nothing is decided here, and no clock is read. The words for sources, decisions,
// recommendations and reasons belong to whoever writes them.
package snapshot
