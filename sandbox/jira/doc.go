// Package jira emulates one Jira Cloud site with one Jira Service Management
// project, close enough that an unmodified client cannot tell the difference
// in the calls it models.
//
// Two dialects live on one site, as at the vendor: the platform API
// (/rest/api/3, and /rest/api/2 with wiki text) and the service desk API
// (/rest/servicedeskapi). They differ in error bodies, paging, dates and rich
// text, and the emulator keeps those differences.
//
// What is on the site and what people do there is in package world, which knows
// no HTTP. This package serves it: server, auth, limits and faults; one file for
// each endpoint, named by its path (api_… on the platform, desk_… at the service
// desk, listed in route.go); the rest writes what several endpoints show. People's
// verbs are methods of the world and never pass through the bot's token.
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
