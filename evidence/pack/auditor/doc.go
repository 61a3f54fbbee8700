// Package auditor is an auditor of access reviews. Its tests know nothing of Latchkey's code:
// they open a pack as somebody does who was given one, and ask it the thirteen things that
// auditors ask. A pack that doesn't answer one fails with that demand.
//
// AUDITOR_PACK names another folder with a pack than the one in testdata.
package auditor
