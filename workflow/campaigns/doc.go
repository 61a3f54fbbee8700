// Package campaigns runs access reviews: it reads who is in which group, has reviewers say of each membership whether it
// stays, carries out what they revoke and looks whether it is gone.
//
// A campaign (access.Campaign) is a record; what was read for it, its rows, is a snapshot (store/snapshot) that nobody
// changes; a row about which something was said or done has a record of its own (access.ReviewItem); how far each
// reviewer is stands in a worklist (access.Worklist).
package campaigns
