#pragma once

// The rules of the book; each is defined in the file of its name.

#include "store/rules/rule.hpp"

namespace lotgate::rules {

Verdict scan_is_fresh(const Facts& facts, const Attempt& attempt);
Verdict balance_is_whole(const Facts& facts, const Attempt& attempt);
Verdict pallet_takes_it(const Facts& facts, const Attempt& attempt);
Verdict pallet_has_parts(const Facts& facts, const Attempt& attempt);
Verdict life_is_enough(const Facts& facts, const Attempt& attempt);
Verdict promise_is_kept(const Facts& facts, const Attempt& attempt);
Verdict earlier_lot_goes_first(const Facts& facts, const Attempt& attempt);
Verdict stock_is_eligible(const Facts& facts, const Attempt& attempt);
Verdict one_lot_an_order(const Facts& facts, const Attempt& attempt);
Verdict order_is_for_this_station(const Facts& facts, const Attempt& attempt);
Verdict unit_is_picked_first(const Facts& facts, const Attempt& attempt);
Verdict carton_may_close(const Facts& facts, const Attempt& attempt);
Verdict label_is_the_live_one(const Facts& facts, const Attempt& attempt);
Verdict grade_is_known(const Facts& facts, const Attempt& attempt);
Verdict return_has_a_lane(const Facts& facts, const Attempt& attempt);
Verdict goods_are_packed(const Facts& facts, const Attempt& attempt);
Verdict capture_is_certain(const Facts& facts, const Attempt& attempt);
Verdict carton_is_at_its_door(const Facts& facts, const Attempt& attempt);
Verdict key_data_is_there(const Facts& facts, const Attempt& attempt);
Verdict hold_list_is_fresh(const Facts& facts, const Attempt& attempt);
Verdict documents_are_fresh(const Facts& facts, const Attempt& attempt);
Verdict carton_leaves_by_fresh_holds(const Facts& facts, const Attempt& attempt);
Verdict carton_leaves_by_fresh_order(const Facts& facts, const Attempt& attempt);
Verdict badge_is_known(const Facts& facts, const Attempt& attempt);
Verdict authority_is_proven(const Facts& facts, const Attempt& attempt);
Verdict code_was_read(const Facts& facts, const Attempt& attempt);
Verdict code_is_understood(const Facts& facts, const Attempt& attempt);
Verdict codes_agree(const Facts& facts, const Attempt& attempt);
Verdict separator_was_read(const Facts& facts, const Attempt& attempt);
Verdict second_read_of_one(const Facts& facts, const Attempt& attempt);
Verdict step_is_in_service(const Facts& facts, const Attempt& attempt);
Verdict code_names_something(const Facts& facts, const Attempt& attempt);
Verdict lot_comes_with_product(const Facts& facts, const Attempt& attempt);
Verdict product_is_known(const Facts& facts, const Attempt& attempt);
Verdict serial_is_given(const Facts& facts, const Attempt& attempt);
Verdict lot_is_given(const Facts& facts, const Attempt& attempt);
Verdict serial_is_not_retired(const Facts& facts, const Attempt& attempt);
Verdict serial_is_new(const Facts& facts, const Attempt& attempt);
Verdict serial_has_no_near_twin(const Facts& facts, const Attempt& attempt);
Verdict serial_is_known(const Facts& facts, const Attempt& attempt);
Verdict count_agrees(const Facts& facts, const Attempt& attempt);
Verdict carton_is_ours(const Facts& facts, const Attempt& attempt);
Verdict lot_is_not_recalled(const Facts& facts, const Attempt& attempt);
Verdict nothing_is_on_hold(const Facts& facts, const Attempt& attempt);
Verdict unit_is_not_in_this_carton(const Facts& facts, const Attempt& attempt);
Verdict unit_is_not_packed(const Facts& facts, const Attempt& attempt);
Verdict not_shipped_before(const Facts& facts, const Attempt& attempt);
Verdict carton_is_packed(const Facts& facts, const Attempt& attempt);
Verdict state_allows_step(const Facts& facts, const Attempt& attempt);
Verdict document_is_open(const Facts& facts, const Attempt& attempt);
Verdict order_is_alive(const Facts& facts, const Attempt& attempt);
Verdict route_has_a_lane(const Facts& facts, const Attempt& attempt);
Verdict serial_is_announced(const Facts& facts, const Attempt& attempt);
Verdict label_agrees_with_asn(const Facts& facts, const Attempt& attempt);
Verdict unit_is_on_order(const Facts& facts, const Attempt& attempt);
Verdict order_has_room(const Facts& facts, const Attempt& attempt);
Verdict receipt_is_within_order(const Facts& facts, const Attempt& attempt);
Verdict stock_covers_it(const Facts& facts, const Attempt& attempt);
Verdict label_number_is_left(const Facts& facts, const Attempt& attempt);
Verdict label_matches_carton(const Facts& facts, const Attempt& attempt);
Verdict carton_has_contents(const Facts& facts, const Attempt& attempt);
Verdict not_expired_at_receipt(const Facts& facts, const Attempt& attempt);
Verdict lot_has_one_expiry(const Facts& facts, const Attempt& attempt);
Verdict expiry_is_given(const Facts& facts, const Attempt& attempt);
Verdict not_expired_when_leaving(const Facts& facts, const Attempt& attempt);
Verdict clock_is_steady(const Facts& facts, const Attempt& attempt);
Verdict return_was_sold(const Facts& facts, const Attempt& attempt);
Verdict return_is_of_party(const Facts& facts, const Attempt& attempt);
Verdict return_lot_was_shipped(const Facts& facts, const Attempt& attempt);
Verdict return_is_verified(const Facts& facts, const Attempt& attempt);
Verdict return_is_graded(const Facts& facts, const Attempt& attempt);

Verdict product_is_ours(const Facts& facts, const Attempt& attempt);
Verdict label_fits_pattern(const Facts& facts, const Attempt& attempt);
Verdict identifiers_are_plain(const Facts& facts, const Attempt& attempt);
Verdict product_is_not_suspect(const Facts& facts, const Attempt& attempt);
Verdict shelf_life_is_enough(const Facts& facts, const Attempt& attempt);
Verdict expiry_is_plausible(const Facts& facts, const Attempt& attempt);
Verdict expiry_has_a_day(const Facts& facts, const Attempt& attempt);
Verdict best_before_is_ahead(const Facts& facts, const Attempt& attempt);
Verdict near_match_is_shown(const Facts& facts, const Attempt& attempt);
Verdict held_goods_go_to_quarantine(const Facts& facts, const Attempt& attempt);
Verdict location_takes_lot(const Facts& facts, const Attempt& attempt);
Verdict traceability_is_complete(const Facts& facts, const Attempt& attempt);
Verdict pallet_is_received(const Facts& facts, const Attempt& attempt);

}  // namespace lotgate::rules
