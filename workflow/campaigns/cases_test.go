package campaigns_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cases are what goes wrong at access reviews in life, and the tests and stories that show what becomes of each here.
func cases() map[string][]string {
	return map[string][]string{
		"a reviewer leaves after opening the review":                          {"deciding/deciding_test.go TestIfAReviewerLeaves"},
		"a reviewer leaves before their stage begins":                         {"stages/next_test.go TestAReviewerWhoLeftBeforeTheirStage"},
		"two stages, and the review is taken out of the configuration":        {"story review_two_stages"},
		"what was removed can't be looked at once more":                       {"story review_unreadable"},
		"a row is about whoever answers in a reviewer's place":                {"stages/next_test.go TestARowAboutWhoIsAskedInstead", "deciding/deciding_test.go TestIfAReviewerLeaves"},
		"what a review took away was approved anew before it closes":          {"enforcing/enforcing_test.go TestWhatWasApprovedAnewIsNoAlarm"},
		"two reviewers answer the same row, one after the other":              {"deciding/deciding_test.go TestTwoAnswerTheSameRow"},
		"two reviewers answer the same row at once":                           {"deciding/at_once_test.go TestTwoAnswerAtOnce"},
		"a second grant opens the same group between snapshot and removal":    {"enforcing/enforcing_test.go TestASecondGrantSinceTheReviewWasRead"},
		"a second grant opens the same group while the review is read":        {"enforcing/enforcing_test.go TestASecondGrantWhileTheReviewWasRead"},
		"the group became rule-driven meanwhile":                              {"enforcing/enforcing_test.go TestTheGroupBecameRuleDrivenMeanwhile"},
		"an approved request for the same role is being provisioned":          {"enforcing/enforcing_test.go TestAnApprovedRequestIsJustBeingProvisioned"},
		"somebody is their own manager, or managers go in a circle":           {"reading/reading_test.go TestWhoIsAsked", "reading/reading_test.go TestNobodyReviewsThemselves"},
		"a reviewer administers the group":                                    {"draft/interests_test.go TestConflictsOfInterest"},
		"page two can't be read":                                              {"reading/reading_test.go TestPageTwoFails", "populationfaults/review_test.go TestEveryPlantedFaultIsFound"},
		"the service counts another number than was read":                     {"population/extract_test.go TestWhatIsNotProvenIsReadAnew", "reading_test.go TestAcceptedAsItIs"},
		"somebody is on the list by two accounts":                             {"population/extract_test.go TestSomebodyByTwoAccounts"},
		"a leaver is on the list":                                             {"reading/reading_test.go TestLeaversAndTwoDirectories"},
		"nobody answers, and the recommendation that would count isn't clear": {"stages/stages_test.go TestAnUnclearRecommendationIsNoAnswer"},
		"an answer is taken back after the removal began":                     {"deciding/deciding_test.go TestAnAnswerIsTakenBackUntilItIsCarriedOut"},
		"a review would close while a removal is stuck":                       {"enforcing/enforcing_test.go TestARemovalThatIsStuck"},
		"one row, and a hundred thousand":                                     {"occasion_test.go TestASmallReview", "reading/scale_test.go TestScale", "population/extract_scale_test.go TestAHundredThousandMembersFit"},
		"it ends in the middle of reading, of deciding, of removing":          {"reading/reading_test.go TestACrashWhileItIsRead", "enforcing/enforcing_test.go TestKilledWhileDeciding", "enforcing/enforcing_test.go TestKilledWhileEnforcing", "story review_restarted"},
		"somebody moves": {"occasion_test.go TestWhoMoves", "story review_moved"},
		"a quarter's review, from the draft to the pack":                                   {"story review_campaign"},
		"what was taken away by mistake":                                                   {"enforcing/restore_test.go TestWhatAReviewTookIsGivenBackByOneClick", "story review_restore"},
		"the same access in two rows, one kept and one revoked":                            {"enforcing/enforcing_test.go TestOneAccessOfTwoRows"},
		"access that nobody had asked for is taken away before its record is there":        {"enforcing/enforcing_test.go TestNothingIsRemovedWithoutARecord"},
		"what was seen to be gone is there again before the review closes":                 {"enforcing/enforcing_test.go TestWhatIsThereAgainIsFound"},
		"a review is cancelled while something waits to be removed":                        {"enforcing/enforcing_test.go TestACancelledReviewRemovesNothingMore"},
		"somebody isn't there any more, and is on the list, or never was and stands on it": {"populationfaults/review_test.go TestEveryPlantedFaultIsFound"},
	}
}

// TestEveryCaseHasItsTest holds the list against what is there: a test that is called otherwise by now is named here.
func TestEveryCaseHasItsTest(t *testing.T) {
	for name, shown := range cases() {
		for _, by := range shown {
			file, test, _ := strings.Cut(by, " ")
			if file == "story" {
				file, test = filepath.Join("..", "..", "e2e", "testdata", "script", test+".txtar"), "# "
			} else {
				test = "func " + test + "("
			}
			text, err := os.ReadFile(file)
			if err != nil || !strings.Contains(string(text), test) {
				t.Errorf("%s: %s isn't there: %v", name, by, err)
			}
		}
	}
}
