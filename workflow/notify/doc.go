// Package notify tells people in Slack where things stand: by cards, one for each
// reader of a subject and kept up to date, by what is said in their threads, and
// by announcements that belong to no card.
//
// What a subject is, the room knows in two tables by the subject's kind: who reads
// about it (Readership) and what there is to show (Loader). How it looks is the
// messenger's business.
package notify
