// Package pack writes the evidence of an access review: one folder, or one ZIP file, from
// which somebody who has nothing else of Latchkey's can answer what an auditor asks of a
// review, and see that nobody has changed it since.
//
// It renders and knows no store. Whoever closes a campaign fills a Campaign and calls
// Write; whoever is given a pack calls Verify. The same Campaign gives the same bytes, but
// for the signature.
//
// What was not seen is never written as if it had been seen to be empty: see Fact.
package pack
