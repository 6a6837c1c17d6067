/* `flowcert run --certificates DIR`: the way of a certificate from the child
 * that made it to a file, and the count of certified verdicts without one.
 *
 * A child sends a certificate ahead of its record: a line "%LENGTH NAME", then
 * LENGTH bytes of JSON.  The parent writes it when the record's basis turns out
 * to be `certified`.  A proof that is good for every schedule comes once from
 * each; it is written once.
 */
#ifndef FC_TOOLS_COMMAND_CERTIFICATES_H
#define FC_TOOLS_COMMAND_CERTIFICATES_H

#include "proof/certificate.h"
#include "record/record.h"

typedef struct fc_certificates {
  const char *folder; /* NULL: none are wanted */
  /* What was written: file names and the digests of their contents. */
  char **names;
  char (*digests)[65];
  size_t count, capacity;
  size_t missing;   /* certified verdicts without a certificate */
  const char *name; /* the one that waits for its record, in the output */
  const char *bytes;
  size_t length;
  fc_status status; /* the first failure, explained in error */
  fc_error error;
} fc_certificates;

void fc_certificates_init(fc_certificates *certificates, const char *folder);
void fc_certificates_clear(fc_certificates *certificates);

/* In the child: appends what is to be sent; FC_MEMORY. */
fc_status fc_certificates_frame(fc_text *out,
                                const fc_certificate *certificate);

/* In the parent, at output that begins with '%' and ends at end: keeps what is
 * there until the next record; returns the text behind it, NULL where it is not
 * whole. */
char *fc_certificates_receive(fc_certificates *certificates, char *output,
                              char *end);

/* The record that follows: writes the certificate or counts it as missing. */
void fc_certificates_settle(fc_certificates *certificates,
                            const fc_record *record);

/* Drops what waits for a record that did not come. */
void fc_certificates_drop(fc_certificates *certificates);

#endif
