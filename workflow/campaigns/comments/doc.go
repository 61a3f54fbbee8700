// Package comments takes answers that reviewers write as comments on the issue of a review: “keep 3”, “revoke 4: why”, “not mine 5”.
// What a comment says is found by a pure function; what it answers goes through the door through which an answer in
// Slack goes. Every comment is answered once, on the issue, for those who keep it; whoever may be unable to read that is
// told in Slack as well.
package comments
