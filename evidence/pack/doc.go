// Package pack is what the evidence of an access review says: one folder, or one ZIP file, from
// which somebody who has nothing else of Latchkey's can answer what an auditor asks of a
// review, and see that nobody has changed it since.
//
// Here are its contents and their words, which know no store and no file. Whoever closes a
// campaign fills a Campaign and calls pack/write; whoever is given a pack calls pack/verify. The
// same Campaign gives the same bytes, but for the signature.
//
// What was not seen is never written as if it had been seen to be empty: see Fact.
package pack
