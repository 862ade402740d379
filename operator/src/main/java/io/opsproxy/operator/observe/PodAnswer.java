package io.opsproxy.operator.observe;

import java.util.Optional;

/**
 * What a pod answers when it is asked.
 *
 * @param report empty when it is what was known
 * @param state names what it says, to be told next time as known; empty for a pod that names none
 */
record PodAnswer(Optional<PodReport> report, String state) {}
