// Package jira emulates one Jira Cloud site with one Jira Service Management
// project, close enough that an unmodified client cannot tell the difference
// in the calls it models.
//
// Two dialects live on one site, as at the vendor: the platform API
// (/rest/api/3, and /rest/api/2 with wiki text) and the service desk API
// (/rest/servicedeskapi). They differ in error bodies, paging, dates and rich
// text, and the emulator keeps those differences.
//
// The layers are: state and its rules (world, issue, comment, approval, …),
// HTTP handlers that translate between wire and state (files named http_*),
// and verbs that act as a person would in the browser (verbs.go). People's
// verbs never pass through the bot's token.
//
// Where the vendor documents nothing, the emulator takes the harsher reading:
//
//   - the two transitions of an approval step are not offered to agents;
//   - an approval whose status was left stays pending and cannot be answered;
//   - a property write neither bumps "updated" nor appears in the changelog;
//   - fields that are not on the form are refused with the text of the screen
//     check, and people who are no customers of the desk with a 400.
//
// A call that is not modelled is answered with 501, logged and listed by
// [Server.Violations]; nothing is nodded through.
package jira
