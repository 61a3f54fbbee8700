// Package campaigns runs access reviews: who is in which group is read, reviewers say of each membership whether it stays,
// what they revoke is carried out, and it is looked whether it is gone. It begins and starts them itself, by hand, by the
// calendar and for an occasion, and puts together the rooms that do the rest: reading, deciding, stages, enforcing, export.
//
// A campaign (access.Campaign) is a record; what was read for it, its rows, is a snapshot (store/snapshot) that nobody
// changes; a row about which something was said or done has a record of its own (access.ReviewItem); how far each
// reviewer is stands in a worklist (access.Worklist).
package campaigns
