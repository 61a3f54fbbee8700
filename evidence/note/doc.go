// Package note signs documents and opens them again. A document is text; signed,
// it is a note (c2sp.org/signed-note): the text, an empty line, and a line for each
// signature. What Latchkey says where others can write counts only as a note that
// somebody signed who is trusted.
//
// The first line of a document says what kind it is, and is signed with the rest:
// no document can be passed off as one of another kind. Open first, parse after:
// nothing of a note is looked at before its signature has been checked.
package note
