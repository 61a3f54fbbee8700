// Package idptest is the conformance suite of idp.Directory. An implementation runs it against an emulated
// vendor; each case gets a world of its own. No implementation leaves a case out: what a directory can do
// beyond the core is seen from its capabilities, and tested if it is there.
//
// It also holds Vendor, an identity provider in memory. It passes the suite, shows what an implementation
// comes to, and serves the tests of those who need a directory.
package idptest

import (
	"context"
	"testing"
)

// Run runs the suite. New makes a fresh world and cleans up after itself with t.Cleanup.
func Run(t *testing.T, fresh func(*testing.T) World) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), CaseTimeout)
			defer cancel()
			c.Run(ctx, fresh(t), t)
		})
	}
}

// Case is one case of the suite.
type Case struct {
	Name string
	run  func(world)
}

// Run has a judge hear what the case finds in a world.
func (c Case) Run(ctx context.Context, w World, j Judge) { c.run(world{w, j, ctx}) }

// Cases are those of the suite, in order.
func Cases() []Case {
	return []Case{
		{"a person is found by e-mail and read by id", findsPeople},
		{"an account that left is found but gives way", prefersWhoIsHere},
		{"two accounts with one e-mail are ambiguous", refusesToGuess},
		{"a sign-in name is an address, too", findsLogins},
		{"an alias leads to nobody else", followsAliases},
		{"no two different addresses are one", foldsNothingTogether},
		{"a manager is resolved", resolvesManagers},
		{"the last sign-in is that of the account", tellsSignIns},
		{"a group is found by name and read by id", findsGroups},
		{"a search that answers something else has found nothing", checksFinds},
		{"a read that answers something else proves nothing", checksReads},
		{"protected groups are not changed", protectsGroups},
		{"add and remove are idempotent", repeats},
		{"unknown groups and people", missesWhatIsNotThere},
		{"accounts that left", handlesLeavers},
		{"large groups come whole", pages},
		{"a listing that breaks off is no listing", tearsPages},
		{"a listing says how it was read", provesListings},
		{"a listing that isn't over says nothing", saysNothingEarly},
		{"the hash is over all rows", hashesRows},
		{"the count is the vendor's own", countsAsTheVendor},
		{"who is named twice is noticed", noticesRepeats},
		{"read back sees changes made by others", readsBack},
		{"a removal that does not last is seen", seesStickyGroups},
		{"an outage is transient", survivesOutages},
		{"lost permission is denied", reportsDenial},
		{"a write whose answer is lost can be repeated", repeatsLostWrites},
		{"a rate limit is waited for", waitsForLimits},
		{"a rate limit longer than the deadline is told", tellsLimits},
		{"an ended context ends the call", obeysContext},
		{"many at a time", worksConcurrently},
		{"groups are listed", listsGroups},
		{"applications and their groups are listed", listsApps},
		{"how many are in groups is told", sizesGroups},
		{"the use of an application is reported", reportsUse},
		{"sessions are ended", endsSessions},
		{"memberships end by themselves", expires},
		{"groups that make administrators are seen", seesAdminGroups},
		{"the log tells of accounts", readsLog},
		{"everybody is listed", listsPeople},
		{"managers are listed", listsManagers},
		{"a probe finds what is wrong", probes},
	}
}
