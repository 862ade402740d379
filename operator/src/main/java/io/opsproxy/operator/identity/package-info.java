/** Who a peer is to others: reads what is public of its Secret, and says what came of it. */
package io.opsproxy.operator.identity;
